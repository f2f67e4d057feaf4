"""What customers write: masked, cut into sentences, and read for irritants, polarity and suggestions."""
