from doudi.web.registry import slices


class ScanConfig(slices.SliceConfig):
    name = "doudi.web.scan"
    label = "doudi_scan"
