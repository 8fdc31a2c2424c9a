"""What lies encrypted in the database and on the disk, with the keys of the town's data folder.

Sealed text cannot be searched or sorted by the database, and is not meant to be. Each value names its key and is bound
to its row: moved into another row it does not open. Why it is so: docs/decisions/0040.
"""

from doudi.web.sealing.errors import SealingError
from doudi.web.sealing.fields import SealedTextField

__all__ = ["SealedTextField", "SealingError"]
