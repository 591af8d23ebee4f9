"""Where moto routes the service's calls; botocore's model names the operation."""

from provisioning.simulator.dlm.responses import DlmResponse

url_bases = [r"https?://dlm\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/.*$": DlmResponse.dispatch}
