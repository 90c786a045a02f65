"""What every chapter is made with: document, renderers, words, style, map frame."""
