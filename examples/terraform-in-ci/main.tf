terraform {
  required_version = ">= 1.4"

  # Where the cluster is says cluster.kubeconfig; who calls is the user that the component adds to it.
  backend "kubernetes" {
    namespace                = "terraform"
    secret_suffix            = "payments"
    config_context           = "prod"
    config_context_auth_info = "tollbridge-terraform-state"
  }
}

resource "terraform_data" "release" {
  input = var.release
}

variable "release" {
  type        = string
  description = "What is deployed."
}
