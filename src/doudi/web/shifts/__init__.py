"""One shift hands the desk to the next: item by item, with a paper pack for when the network is gone."""
