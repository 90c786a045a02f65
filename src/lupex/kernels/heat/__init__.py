"""Heat in the ground: conduction in columns of regolith, sunlight on them, light and heat between facing slopes."""
