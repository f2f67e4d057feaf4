"""Green outside, red inside: scoreboards that do not see who loses, and targets met for themselves."""
