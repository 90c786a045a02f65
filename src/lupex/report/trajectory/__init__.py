"""The way there: files and figures of one trajectory."""
