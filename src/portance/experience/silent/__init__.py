"""The silent majority: what customers lived who never answered, with the doubt that their silence leaves."""
