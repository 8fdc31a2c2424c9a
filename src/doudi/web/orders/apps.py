from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class OrdersConfig(slices.SliceConfig):
    name = "doudi.web.orders"
    label = "doudi_orders"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.orders.declares import DECLARES

        return DECLARES
