from doudi.web.registry import slices


class DemoConfig(slices.SliceConfig):
    name = "doudi.web.demo"
    label = "doudi_demo"
