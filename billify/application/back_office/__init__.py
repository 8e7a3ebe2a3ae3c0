"""What staff do: they run the house, and each look into a company is written down there."""
