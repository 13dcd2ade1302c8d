"""Map tiles of measured broadband quality: millions of tiles become a few figures for each economy."""
