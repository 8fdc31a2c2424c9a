from doudi.web.registry import slices


class JobsConfig(slices.SliceConfig):
    name = "doudi.web.jobs"
    label = "doudi_jobs"
