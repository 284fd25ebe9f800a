# old (444444444444) is retired: this root keeps the provider until everything is destroyed.
