//! The table, made out of packages that are generated from the schema of the AWS provider.
//!
//! `cdktn-provider-aws` follows the provider closest and says what there is, what must be there, and what is a block. What is
//! deprecated it does not say; `pulumi-aws` does, for the same provider a few versions apart, in names of its own. Where it
//! says so in a sentence alone, as of `aws_iam_role`, the sentence is read. That no deprecation is lost on the way is tested
//! beside Terraform, which has the flags of an older provider (`tests/it/terraform/deprecated.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::python::{Class, Property, classes};
use super::table::{Block, Field, Kind, Table};
use crate::oracle::oracle;
use crate::support::{compare, no_complaints};

/// What is or may be generated: its kind, its type, and the file of `pulumi-aws` that has it.
const KINDS: &[(&str, &str, &str)] = &[
    ("data", "aws_caller_identity", "get_caller_identity"),
    ("data", "aws_iam_openid_connect_provider", "iam/get_open_id_connect_provider"),
    ("data", "aws_iam_policy_document", "iam/get_policy_document"),
    ("data", "aws_ssoadmin_instances", "ssoadmin/get_instances"),
    ("data", "aws_ssoadmin_permission_set", "ssoadmin/get_permission_set"),
    ("provider", "aws", "provider"),
    ("resource", "aws_cloudformation_stack_set", "cloudformation/stack_set"),
    ("resource", "aws_cloudformation_stack_set_instance", "cloudformation/stack_set_instance"),
    ("resource", "aws_iam_openid_connect_provider", "iam/open_id_connect_provider"),
    ("resource", "aws_iam_policy", "iam/policy"),
    ("resource", "aws_iam_role", "iam/role"),
    ("resource", "aws_iam_role_policy", "iam/role_policy"),
    ("resource", "aws_iam_role_policy_attachment", "iam/role_policy_attachment"),
    ("resource", "aws_iam_user_policy_attachment", "iam/user_policy_attachment"),
    ("resource", "aws_s3_bucket", "s3/bucket"),
    ("resource", "aws_s3_bucket_ownership_controls", "s3/bucket_ownership_controls"),
    ("resource", "aws_s3_bucket_policy", "s3/bucket_policy"),
    ("resource", "aws_s3_bucket_public_access_block", "s3/bucket_public_access_block"),
    (
        "resource",
        "aws_s3_bucket_server_side_encryption_configuration",
        "s3/bucket_server_side_encryption_configuration",
    ),
    ("resource", "aws_s3_bucket_versioning", "s3/bucket_versioning"),
    (
        "resource",
        "aws_ssoadmin_customer_managed_policy_attachment",
        "ssoadmin/customer_managed_policy_attachment",
    ),
    ("resource", "aws_ssoadmin_permission_set_inline_policy", "ssoadmin/permission_set_inline_policy"),
];

/// What stands before the address of an argument's documentation: `6.69.1/docs/resources/iam_role#name IamRole#name`.
const DOCUMENTATION: &str =
    "Docs at Terraform Registry: {@link https://registry.terraform.io/providers/hashicorp/aws/";

#[test]
fn the_table_is_what_the_newest_bindings_say() {
    let (Some(folder), Some(_)) = (oracle("cdktn-provider-aws"), oracle("pulumi-aws")) else { return };
    let mut table = Table::default();
    let mut versions = BTreeSet::new();
    for (kind, name, pulumi) in KINDS {
        let text = read(&folder, &format!("cdktn_provider_aws/{}/__init__", module(kind, name)));
        versions.extend(provider_versions(&text).map(str::to_owned));
        let part = pulumi.rsplit_once('/').map_or_else(String::new, |(part, _)| format!("{part}/"));
        let prose = read(&folder, &format!("pulumi_aws/{pulumi}"));
        let blocks = ["_inputs", "outputs"].map(|file| read(&folder, &format!("pulumi_aws/{part}{file}")));
        let nested: Vec<_> = blocks.iter().flat_map(|text| classes(text)).collect();
        let top = classes(&prose);
        let notes = Notes { classes: top.iter().collect(), prose: &prose, nested: &nested };
        add(&mut table, &format!("{kind} {name}"), &classes(&text), &notes);
    }
    let [version] = &*versions.into_iter().collect::<Vec<_>>() else { panic!("one version of the provider") };
    table.head = format!(
        "# What hashicorp/aws {version} takes, out of {} and {}; see mod.rs.\n",
        package(&folder, "cdktn_provider_aws"),
        package(&folder, "pulumi_aws"),
    );
    no_complaints(&compare(&Table::path(), &table.print()).err().into_iter().collect::<Vec<_>>());
}

/// The versions of the provider whose documentation a text names.
fn provider_versions(text: &str) -> impl Iterator<Item = &str> {
    text.split(DOCUMENTATION).skip(1).filter_map(|address| address.split('/').next())
}

fn read(folder: &Path, module: &str) -> String {
    let path = folder.join(format!("{module}.py"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A package's name and version, from the folder that says what was installed.
fn package(folder: &Path, name: &str) -> String {
    let names =
        fs::read_dir(folder).expect("the folder can be listed").flatten().map(|entry| entry.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut installed = names.filter_map(|found| {
        Some(found.strip_prefix(name)?.strip_prefix('-')?.strip_suffix(".dist-info")?.to_owned())
    });
    format!("{} {}", name.replace('_', "-"), installed.next().expect("the package is installed by pip"))
}

/// Where `cdktn-provider-aws` has a type.
fn module(kind: &str, name: &str) -> String {
    match kind {
        "data" => format!("data_{name}"),
        "provider" => "provider".to_owned(),
        _ => name.trim_start_matches("aws_").to_owned(),
    }
}

/// What `pulumi-aws` says of a block.
struct Notes<'t> {
    classes: Vec<&'t Class<'t>>,
    /// The sentences about a whole type.
    prose: &'t str,
    /// The classes of all blocks in this part of the package.
    nested: &'t [Class<'t>],
}

/// One type with all its blocks.
fn add(table: &mut Table, name: &str, classes: &[Class<'_>], notes: &Notes<'_>) {
    let is_configuration = |class: &&Class<'_>| {
        class.bases.contains("TerraformMetaArguments") || class.name == "AwsProviderConfig"
    };
    let configuration = classes.iter().find(is_configuration).expect("a class of arguments");
    add_block(table, name, configuration, classes, notes);
    let is_whole = |class: &&Class<'_>| {
        ["TerraformResource", "TerraformDataSource"].iter().any(|base| class.bases.contains(base))
    };
    let block = table.blocks.get_mut(name).expect("it has just been added");
    for property in classes.iter().filter(is_whole).flat_map(|class| &class.properties) {
        if !property.name.ends_with("_input") && !block.contains_key(property.name) {
            let deprecated = notes.deprecate(property.name);
            let field = Field { kind: Kind::Attribute, required: false, deprecated };
            block.insert(property.name.to_owned(), field);
        }
    }
}

/// A block and those in it.
fn add_block(table: &mut Table, name: &str, class: &Class<'_>, classes: &[Class<'_>], notes: &Notes<'_>) {
    let mut block = Block::new();
    for property in &class.properties {
        let Some(argument) = argument(property) else { continue };
        let is_block = property.body.contains(&format!("'''{argument} block."));
        let field = Field {
            kind: if is_block { Kind::Block } else { Kind::Argument },
            required: property.body.contains("\"Required property '"),
            deprecated: notes.deprecate(argument),
        };
        block.insert(argument.to_owned(), field);
        if let Some(inner) = classes.iter().find(|class| Some(class.name) == property.class()) {
            add_block(table, &format!("{name}.{argument}"), inner, classes, &notes.on(argument));
        }
    }
    table.blocks.insert(name.to_owned(), block);
}

/// The argument that a property stands for, out of the address of its documentation.
fn argument<'t>(property: &Property<'t>) -> Option<&'t str> {
    let (_, address) = property.body.split_once(DOCUMENTATION)?;
    address.split_once('#')?.1.split(' ').next()
}

impl Notes<'_> {
    /// The properties that have an argument's or a block's name, perhaps in the plural.
    fn properties(&self, name: &str) -> impl Iterator<Item = &Property<'_>> {
        let names = [name.to_owned(), format!("{name}s"), format!("{}ies", name.trim_end_matches('y'))];
        let properties = self.classes.iter().flat_map(|class| &class.properties);
        properties.filter(move |property| names.iter().any(|name| name == property.name))
    }

    fn deprecate(&self, argument: &str) -> bool {
        self.prose.contains(&format!("`{argument}` argument is deprecated"))
            || self.properties(argument).any(|property| property.decorators.contains("deprecated("))
    }

    /// What is said of a block in this one.
    fn on(&self, block: &str) -> Self {
        let names: BTreeSet<&str> = self.properties(block).filter_map(Property::class).collect();
        let classes = self.nested.iter().filter(|class| names.contains(class.name)).collect();
        Self { classes, prose: "", nested: self.nested }
    }
}
