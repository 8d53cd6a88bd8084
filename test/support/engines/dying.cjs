// Cannot start, and says why where programs do.
process.stderr.write("libmissing.so: cannot open shared object file\n");
process.exit(127);
