"""The models that read texts: what a sentence is about, and whether it is said in anger or in praise."""
