// Stands for any app that calls others as soon as it starts.
process.stdout.write('app: started\n');
