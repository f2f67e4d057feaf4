"""What employees live while they serve customers, beside what customers live; every figure passes one door that protects them."""
