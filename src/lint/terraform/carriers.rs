//! Which arguments of which resources hold IAM policies, and of which kind.
//!
//! What is not in these lists is left alone: a `policy` of another provider, or of a resource of AWS that
//! means something else by it, is not written in IAM's language.
//!
//! Source: the documentation of the AWS and AWS Cloud Control providers.

use crate::lint::policy::Kept;
use crate::policy::read::Kind;
use crate::terraform::{Argument, Block};

/// What an argument holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A policy of a role, a user or a group, or of another resource.
    Policy(Kind, Kept),
    /// A policy in IAM's language that lets nobody in: of an organization, or of AWS's own role.
    Boundary,
}

/// An argument that holds a policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier<'b> {
    pub(super) argument: &'b Argument,
    pub(super) holds: Holds,
}

const TRUST: Holds = Holds::Policy(Kind::Trust, Kept::Inline);
const INLINE: Holds = Holds::Policy(Kind::Identity, Kept::Inline);
const MANAGED: Holds = Holds::Policy(Kind::Identity, Kept::Managed);
const SOMEHOW: Holds = Holds::Policy(Kind::Identity, Kept::Somehow);
const RESOURCE: Holds = Holds::Policy(Kind::Resource, Kept::Somehow);

/// Policies of roles, users and groups, and those that only limit them.
const IAM: [(&str, &str, Holds); 17] = [
    ("aws_iam_group_policy", "policy", INLINE),
    ("aws_iam_policy", "policy", MANAGED),
    ("aws_iam_role", "assume_role_policy", TRUST),
    ("aws_iam_role_policy", "policy", INLINE),
    ("aws_iam_user_policy", "policy", INLINE),
    ("aws_iot_policy", "policy", Holds::Boundary),
    ("aws_organizations_policy", "content", Holds::Boundary),
    ("aws_rolesanywhere_profile", "session_policy", Holds::Boundary),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy", SOMEHOW),
    ("aws_transfer_access", "policy", Holds::Boundary),
    ("aws_transfer_user", "policy", Holds::Boundary),
    ("awscc_iam_group_policy", "policy_document", INLINE),
    ("awscc_iam_managed_policy", "policy_document", MANAGED),
    ("awscc_iam_role", "assume_role_policy_document", TRUST),
    ("awscc_iam_role_policy", "policy_document", INLINE),
    ("awscc_iam_user_policy", "policy_document", INLINE),
    ("awscc_organizations_policy", "content", Holds::Boundary),
];

/// Policies of other resources, by the argument that holds them.
const OTHERS: [(&str, &[&str]); 6] = [
    (
        "policy",
        &[
            "aws_acmpca_policy",
            "aws_api_gateway_rest_api",
            "aws_api_gateway_rest_api_policy",
            "aws_backup_vault_policy",
            "aws_cloudwatch_event_bus_policy",
            "aws_codebuild_resource_policy",
            "aws_dynamodb_resource_policy",
            "aws_ecr_registry_policy",
            "aws_ecr_repository_policy",
            "aws_ecrpublic_repository_policy",
            "aws_efs_file_system_policy",
            "aws_glacier_vault_lock",
            "aws_glue_resource_policy",
            "aws_kinesis_resource_policy",
            "aws_kms_external_key",
            "aws_kms_key",
            "aws_kms_key_policy",
            "aws_kms_replica_key",
            "aws_media_store_container_policy",
            "aws_msk_cluster_policy",
            "aws_networkfirewall_resource_policy",
            "aws_redshift_resource_policy",
            "aws_s3_access_point",
            "aws_s3_bucket",
            "aws_s3_bucket_policy",
            "aws_s3control_access_point_policy",
            "aws_s3control_bucket_policy",
            "aws_s3control_object_lambda_access_point_policy",
            "aws_schemas_registry_policy",
            "aws_secretsmanager_secret",
            "aws_secretsmanager_secret_policy",
            "aws_ses_identity_policy",
            "aws_sesv2_email_identity_policy",
            "aws_sns_topic",
            "aws_sns_topic_policy",
            "aws_sqs_queue",
            "aws_sqs_queue_policy",
            "aws_vpc_endpoint",
            "aws_vpc_endpoint_policy",
            "aws_vpclattice_auth_policy",
            "aws_vpclattice_resource_policy",
        ],
    ),
    (
        "policy_document",
        &[
            "aws_cloudwatch_log_resource_policy",
            "aws_codeartifact_domain_permissions_policy",
            "aws_codeartifact_repository_permissions_policy",
            "aws_xray_resource_policy",
        ],
    ),
    (
        "access_policy",
        &[
            "aws_cloudsearch_domain_service_access_policy",
            "aws_cloudwatch_log_destination_policy",
            "aws_glacier_vault",
        ],
    ),
    (
        "access_policies",
        &[
            "aws_elasticsearch_domain",
            "aws_elasticsearch_domain_policy",
            "aws_opensearch_domain",
            "aws_opensearch_domain_policy",
        ],
    ),
    (
        "resource_policy",
        &[
            "aws_s3tables_table_bucket_policy",
            "aws_s3tables_table_policy",
            "aws_sagemaker_model_package_group_policy",
        ],
    ),
    ("content", &["aws_organizations_resource_policy"]),
];

/// The policies of a resource.
pub(super) fn of(block: &Block) -> Vec<Carrier<'_>> {
    let Some(kind) = block.labels.first().map(String::as_str) else { return Vec::new() };
    let is_given = |argument: &&Argument| !argument.value.is_null();
    let own = block.arguments.iter().filter(is_given).filter_map(|argument| {
        let holds = holds(kind, &argument.key)?;
        let holds = if holds == TRUST && is_service_linked(block) { Holds::Boundary } else { holds };
        Some(Carrier { argument, holds })
    });
    let inner = block.named("inline_policy").filter(|_| kind == "aws_iam_role");
    let inner = inner.filter_map(|inner| inner.argument("policy").filter(is_given));
    own.chain(inner.map(|argument| Carrier { argument, holds: INLINE })).collect()
}

fn holds(kind: &str, argument: &str) -> Option<Holds> {
    let of_iam = IAM.iter().find(|(known, name, _)| (*known, *name) == (kind, argument));
    let is_other = || OTHERS.iter().any(|(name, kinds)| *name == argument && kinds.contains(&kind));
    of_iam.map(|(.., holds)| *holds).or_else(|| is_other().then_some(RESOURCE))
}

/// Whether only AWS writes the trust policy of a role. Source: IAM User Guide, "Create a service-linked
/// role".
fn is_service_linked(block: &Block) -> bool {
    block.text("path").is_some_and(|path| path.starts_with("/aws-service-role/"))
}
