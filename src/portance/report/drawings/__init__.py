"""Drawings as SVG text: no script, no inline style, colours from the page that holds them."""
