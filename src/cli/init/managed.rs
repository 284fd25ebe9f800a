//! Managed policies of AWS that people give to such roles, and what each allows. Any other can be named.
//!
//! Source: the AWS managed policy reference.

use super::ask::Item;

/// What lets a role do nearly everything.
const POWERFUL: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

/// Path and name, and what it allows; those that only read first, and powerful ones last.
const MANAGED: [(&str, &str); 44] = [
    ("ReadOnlyAccess", "read everything in the account"),
    ("job-function/ViewOnlyAccess", "list resources, but not read the data in them"),
    ("SecurityAudit", "read the configuration that security audits need"),
    ("IAMReadOnlyAccess", "read IAM users, roles and policies"),
    ("AmazonS3FullAccess", "read, write and delete everything in S3"),
    ("AmazonS3ReadOnlyAccess", "read everything in S3"),
    ("AmazonEC2FullAccess", "manage EC2, load balancers and Auto Scaling"),
    ("AmazonEC2ReadOnlyAccess", "read EC2, load balancers and Auto Scaling"),
    ("AmazonVPCFullAccess", "manage VPCs"),
    ("AmazonVPCReadOnlyAccess", "read VPCs"),
    ("AmazonRoute53FullAccess", "manage DNS in Route 53"),
    ("AmazonRoute53ReadOnlyAccess", "read DNS in Route 53"),
    ("AmazonDynamoDBFullAccess", "manage DynamoDB, data included"),
    ("AmazonDynamoDBReadOnlyAccess", "read DynamoDB, data included"),
    ("AmazonRDSFullAccess", "manage RDS databases"),
    ("AmazonRDSReadOnlyAccess", "read the configuration of RDS databases"),
    ("AmazonECS_FullAccess", "manage ECS, and what its services run on"),
    ("AmazonEC2ContainerRegistryFullAccess", "manage container images in ECR"),
    ("AmazonEC2ContainerRegistryReadOnly", "read container images in ECR"),
    ("AmazonSNSFullAccess", "manage SNS topics"),
    ("AmazonSNSReadOnlyAccess", "read SNS topics"),
    ("AmazonSQSFullAccess", "manage SQS queues, messages included"),
    ("AmazonSQSReadOnlyAccess", "read SQS queues"),
    ("AmazonSSMFullAccess", "manage Systems Manager"),
    ("AmazonSSMReadOnlyAccess", "read Systems Manager, parameters included"),
    ("AWSCloudFormationFullAccess", "manage CloudFormation stacks"),
    ("AWSCloudFormationReadOnlyAccess", "read CloudFormation stacks"),
    ("AWSKeyManagementServicePowerUser", "create and tag KMS keys, and read their policies"),
    ("AWSLambda_FullAccess", "manage Lambda functions"),
    ("AWSLambda_ReadOnlyAccess", "read Lambda functions"),
    ("AWSOrganizationsReadOnlyAccess", "read the organization and its accounts"),
    ("AWSBillingReadOnlyAccess", "read bills and payment methods"),
    ("AWSSupportAccess", "use AWS Support"),
    ("AWSCloudTrail_ReadOnlyAccess", "read CloudTrail, events included"),
    ("CloudFrontFullAccess", "manage CloudFront distributions"),
    ("CloudWatchFullAccess", "manage CloudWatch alarms, metrics and logs"),
    ("CloudWatchReadOnlyAccess", "read CloudWatch alarms, metrics and logs"),
    ("ElasticLoadBalancingFullAccess", "manage load balancers"),
    ("SecretsManagerReadWrite", "read and write secrets in Secrets Manager"),
    ("job-function/Billing", "manage bills, budgets and payment methods"),
    ("job-function/NetworkAdministrator", "manage VPCs, DNS, VPN and load balancers"),
    ("IAMFullAccess", "POWERFUL: manage IAM, and so gain any permission"),
    ("PowerUserAccess", "POWERFUL: everything but IAM and Organizations"),
    ("AdministratorAccess", "POWERFUL: everything in the account"),
];

/// The list, as it is shown: names without paths.
pub(super) fn items() -> Vec<Item> {
    let item =
        |(path, about): &(&str, &str)| Item { name: name_of(path).to_owned(), about: (*about).to_owned() };
    MANAGED.iter().map(item).collect()
}

/// The path and name of a policy in the list.
pub(super) fn path(name: &str) -> Option<&'static str> {
    MANAGED.iter().map(|(path, _)| *path).find(|path| name_of(path) == name)
}

pub(super) fn is_powerful(name: &str) -> bool {
    POWERFUL.contains(&name_of(name))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ManagedPolicy;

    #[test]
    fn all_of_them_exist_and_only_powerful_ones_are_called_so() {
        for (path, about) in MANAGED {
            assert!(ManagedPolicy::find(path).is_some(), "{path}");
            assert_eq!(about.starts_with("POWERFUL"), is_powerful(path), "{path}");
            assert!(name_of(path).len() + about.len() < 90, "{path}");
        }
    }
}
