from doudi.web.registry import slices


class DesignConfig(slices.SliceConfig):
    name = "doudi.web.design"
    label = "doudi_design"
