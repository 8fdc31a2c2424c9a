"""Everything the world may throw at the town, made by a seed: strings, photographs, tables, requests.

A short run belongs to every test run; `make long NAME=hostile` throws ten thousand requests and two thousand files. Never a 5xx,
and nothing well-formed is lost; in the long run nothing takes above two seconds and memory stays bounded.
"""
