"""Rigs: a gateway together with the world behind it, where tests arrange things and look for effects."""
