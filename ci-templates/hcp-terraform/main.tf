# A working directory of a workspace with this file, aws-config and ci/tollbridge-exchange.sh.
provider "aws" {
  region              = "eu-west-1"
  shared_config_files = ["${path.module}/aws-config"]
}
