"""What facing slopes send each other: view factors, and light and heat by the hour and season of the Sun."""
