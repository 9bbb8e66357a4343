// Stands for any app that calls others as soon as it starts.
console.log('app: started');
