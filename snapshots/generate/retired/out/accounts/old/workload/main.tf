# old (222222222222) is retired: this root keeps the provider until everything is destroyed.
