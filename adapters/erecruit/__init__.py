"""eRecruit: a standard host behind OAuth, and a customer's own legacy host for what the standard one lacks."""
