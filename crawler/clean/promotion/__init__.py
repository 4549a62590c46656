"""What an account repeats at the edges of its articles, learned and taken off."""
