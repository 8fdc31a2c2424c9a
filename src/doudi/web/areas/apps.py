from doudi.web.registry import slices


class AreasConfig(slices.SliceConfig):
    name = "doudi.web.areas"
    label = "doudi_areas"
