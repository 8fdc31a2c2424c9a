"""A town under siege: attackers of every kind at once, on the loopback and within bounds, while people work in it.

``make long NAME=siege`` runs it for minutes on both databases and prints what it cost the officers; a few seconds of it run
in every test. A kind of attack is a class of ``attacks.py`` in ``ATTACKS``.
"""
