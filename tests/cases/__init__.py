"""Cases that trials found, each with its kind and the right value."""
