/** As people paste them: many Deployments, each with its Service. */
export function manifestsOf(lines: number, prefix = 'app'): string {
  const one = (index: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${prefix}-${index}
spec:
  selector:
    matchLabels: { app: ${prefix}-${index} }
  template:
    metadata:
      labels: { app: ${prefix}-${index} }
    spec:
      containers:
        - name: app
          image: registry.example/app:1
---
apiVersion: v1
kind: Service
metadata:
  name: ${prefix}-${index}
spec:
  selector: { app: ${prefix}-${index} }
  ports: [{ port: 80 }]
---
`;
  return Array.from({ length: Math.ceil(lines / one(0).split('\n').length) }, (_, index) => one(index)).join('');
}
