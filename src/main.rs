use crossrole::*;
fn main(){
    let path = std::env::args().nth(1).unwrap();
    let src = diagnostic::Source::new("crossrole.yaml", std::fs::read_to_string(&path).unwrap());
    let t=std::time::Instant::now();
    let pack = match pack::Pack::compile("built-in", pack::built_in(), render::vocabulary) { Ok(p)=>p, Err(e)=>{ for d in e.diagnostics { eprintln!("{} {:?} {:?}", d.message, d.place.as_ref().map(|p| (p.source.name.clone(), p.source.line_and_column(p.span.start as usize))), d.help);} return; }};
    eprintln!("pack {:?}", t.elapsed());
    let mut files = check::PolicyFiles::new();
    for f in spec::parse(&src).spec.policy_files() { let full=std::path::Path::new(&path).parent().unwrap().join(&f); files.insert(f.clone(), std::fs::read_to_string(full).map(|t| diagnostic::Source::new(f, t)).map_err(|e| e.to_string())); }
    let t=std::time::Instant::now();
    match generate(&src, &files, &pack) {
        Err(e)=>for d in e.diagnostics { eprintln!("{:?} {} {:?} {:?} rel {:?}", d.id, d.message, d.place.as_ref().map(|p| (p.source.name.clone(), p.source.line_and_column(p.span.start as usize))), d.help, d.related.as_ref().map(|(p,l)| (p.source.name.clone(), p.source.line_and_column(p.span.start as usize), l.clone())));},
        Ok(g)=>{ eprintln!("gen {:?}", t.elapsed()); let Some(out)=std::env::args().nth(2) else {return}; for u in g.units { for f in u.files { let p=format!("{out}/{}", f.path); std::fs::create_dir_all(std::path::Path::new(&p).parent().unwrap()).unwrap(); std::fs::write(p, &*f.text).unwrap(); } } }
    }
}
