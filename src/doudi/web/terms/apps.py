from doudi.web.registry import slices


class TermsConfig(slices.SliceConfig):
    name = "doudi.web.terms"
    label = "doudi_terms"
