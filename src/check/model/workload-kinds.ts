/** How the pods of a kind come to their end. */
export type PodLife =
  /** Never by themselves: servers. */
  | 'stays'
  /** When all of their containers have: a classic sidecar keeps them. */
  | 'ends'
  /** When their own containers have: the kind's controller ends the others. */
  | 'ended';

/** Where the pods of a kind are described. */
export interface WorkloadKind {
  /** API groups; the core group is empty. */
  readonly groups: readonly string[];
  readonly kind: string;
  /** Ways to pod templates; `*` stands for every item of a list and every value of a map. Empty: the object itself. */
  readonly paths: readonly string[];
  readonly life: PodLife;
  /** What a template looks like, where it is not Kubernetes' own. */
  readonly shape?: 'workflow' | 'task' | 'flat';
  /** The operator adds the containers: a template without an image is no fragment. */
  readonly partial?: true;
  /** The operator writes the start of the containers, or makes it of `command` and `args`: what the image says is not what runs. */
  readonly operatorStarts?: true;
  /** Project, its version, and where it says so. */
  readonly source: string;
}

const kubernetes = 'Kubernetes 1.37, k8s.io/api';
const workflow = {
  groups: ['argoproj.io'],
  life: 'ended',
  shape: 'workflow',
  source: 'Argo Workflows v1alpha1, types.go and docs/sidecar-injection.md',
} as const;
const kruise = { groups: ['apps.kruise.io'], source: 'OpenKruise v1alpha1 and v1beta1, apis/apps' } as const;
const tekton = {
  groups: ['tekton.dev'],
  life: 'ended',
  shape: 'task',
  source: 'Tekton Pipelines v1, pkg/apis/pipeline and docs/tasks.md (Sidecars)',
} as const;
const kubeflow = {
  groups: ['kubeflow.org'],
  life: 'ends',
  source: 'Kubeflow training-operator 1.8.1, pkg/apis/kubeflow.org/v1',
} as const;
const ray = {
  groups: ['ray.io'],
  operatorStarts: true,
  source: 'KubeRay 1.5.0, apis/ray/v1; controllers/ray/common/pod.go makes `ray start` of the command',
} as const;
const elastic = {
  life: 'stays',
  partial: true,
  operatorStarts: true,
  source: 'Elastic Cloud on Kubernetes 3.5.0, pkg/apis',
} as const;
const strimzi = {
  groups: ['kafka.strimzi.io'],
  life: 'stays',
  shape: 'flat',
  partial: true,
  operatorStarts: true,
  source: 'Strimzi v1beta2, documentation/api: PodTemplate',
} as const;

/** The one table of kinds that make pods. */
export const workloadKinds: readonly WorkloadKind[] = [
  { groups: [''], kind: 'Pod', paths: [''], life: 'stays', source: kubernetes },
  { groups: ['apps', 'extensions'], kind: 'Deployment', paths: ['spec.template'], life: 'stays', source: kubernetes },
  { groups: ['apps', 'extensions'], kind: 'StatefulSet', paths: ['spec.template'], life: 'stays', source: kubernetes },
  { groups: ['apps', 'extensions'], kind: 'DaemonSet', paths: ['spec.template'], life: 'stays', source: kubernetes },
  { groups: ['apps', 'extensions'], kind: 'ReplicaSet', paths: ['spec.template'], life: 'stays', source: kubernetes },
  { groups: [''], kind: 'ReplicationController', paths: ['spec.template'], life: 'stays', source: kubernetes },
  { groups: ['batch'], kind: 'Job', paths: ['spec.template'], life: 'ends', source: kubernetes },
  { groups: ['batch'], kind: 'CronJob', paths: ['spec.jobTemplate.spec.template'], life: 'ends', source: kubernetes },
  {
    groups: ['argoproj.io'],
    kind: 'Rollout',
    paths: ['spec.template'],
    life: 'stays',
    source: 'Argo Rollouts 1.8, pkg/apis/rollouts/v1alpha1/types.go',
  },
  { ...workflow, kind: 'Workflow', paths: ['spec.templates.*'] },
  { ...workflow, kind: 'WorkflowTemplate', paths: ['spec.templates.*'] },
  { ...workflow, kind: 'ClusterWorkflowTemplate', paths: ['spec.templates.*'] },
  { ...workflow, kind: 'CronWorkflow', paths: ['spec.workflowSpec.templates.*'] },
  {
    groups: ['serving.knative.dev'],
    kind: 'Service',
    paths: ['spec.template'],
    life: 'stays',
    source: 'Knative Serving 0.51, pkg/apis/serving/v1',
  },
  {
    groups: ['serving.knative.dev'],
    kind: 'Configuration',
    paths: ['spec.template'],
    life: 'stays',
    source: 'Knative Serving 0.51, pkg/apis/serving/v1',
  },
  {
    groups: ['apps.openshift.io'],
    kind: 'DeploymentConfig',
    paths: ['spec.template'],
    life: 'stays',
    source: 'OpenShift, github.com/openshift/api apps/v1',
  },
  { ...kruise, kind: 'CloneSet', paths: ['spec.template'], life: 'stays' },
  { ...kruise, kind: 'StatefulSet', paths: ['spec.template'], life: 'stays' },
  { ...kruise, kind: 'DaemonSet', paths: ['spec.template'], life: 'stays' },
  { ...kruise, kind: 'BroadcastJob', paths: ['spec.template'], life: 'ends' },
  {
    ...kruise,
    kind: 'AdvancedCronJob',
    paths: ['spec.template.jobTemplate.spec.template', 'spec.template.broadcastJobTemplate.spec.template'],
    life: 'ends',
  },
  {
    groups: ['batch.volcano.sh'],
    kind: 'Job',
    paths: ['spec.tasks.*.template'],
    life: 'ends',
    source: 'Volcano, github.com/volcano-sh/apis pkg/apis/batch/v1alpha1/job.go',
  },
  {
    groups: ['keda.sh'],
    kind: 'ScaledJob',
    paths: ['spec.jobTargetRef.template'],
    life: 'ends',
    source: 'KEDA 2.21.0, apis/keda/v1alpha1',
  },
  { ...tekton, kind: 'Task', paths: ['spec'] },
  { ...tekton, kind: 'TaskRun', paths: ['spec.taskSpec'] },
  { ...tekton, kind: 'Pipeline', paths: ['spec.tasks.*.taskSpec', 'spec.finally.*.taskSpec'] },
  {
    ...tekton,
    kind: 'PipelineRun',
    paths: ['spec.pipelineSpec.tasks.*.taskSpec', 'spec.pipelineSpec.finally.*.taskSpec'],
  },
  {
    groups: ['jobset.x-k8s.io'],
    kind: 'JobSet',
    paths: ['spec.replicatedJobs.*.template.spec.template'],
    life: 'ends',
    source: 'JobSet v1alpha2, api/jobset',
  },
  {
    groups: ['leaderworkerset.x-k8s.io'],
    kind: 'LeaderWorkerSet',
    paths: ['spec.leaderWorkerTemplate.leaderTemplate', 'spec.leaderWorkerTemplate.workerTemplate'],
    life: 'stays',
    source: 'LeaderWorkerSet v1, api/leaderworkerset',
  },
  { ...kubeflow, kind: 'TFJob', paths: ['spec.tfReplicaSpecs.*.template'] },
  { ...kubeflow, kind: 'PyTorchJob', paths: ['spec.pytorchReplicaSpecs.*.template'] },
  { ...kubeflow, kind: 'MPIJob', paths: ['spec.mpiReplicaSpecs.*.template'] },
  { ...kubeflow, kind: 'XGBoostJob', paths: ['spec.xgbReplicaSpecs.*.template'] },
  { ...kubeflow, kind: 'PaddleJob', paths: ['spec.paddleReplicaSpecs.*.template'] },
  {
    ...ray,
    kind: 'RayCluster',
    paths: ['spec.headGroupSpec.template', 'spec.workerGroupSpecs.*.template'],
    life: 'stays',
  },
  {
    ...ray,
    kind: 'RayService',
    paths: ['spec.rayClusterConfig.headGroupSpec.template', 'spec.rayClusterConfig.workerGroupSpecs.*.template'],
    life: 'stays',
  },
  {
    ...ray,
    kind: 'RayJob',
    paths: ['spec.rayClusterSpec.headGroupSpec.template', 'spec.rayClusterSpec.workerGroupSpecs.*.template'],
    life: 'stays',
  },
  {
    ...elastic,
    groups: ['elasticsearch.k8s.elastic.co'],
    kind: 'Elasticsearch',
    paths: ['spec.nodeSets.*.podTemplate'],
  },
  { ...elastic, groups: ['kibana.k8s.elastic.co'], kind: 'Kibana', paths: ['spec.podTemplate'] },
  { ...elastic, groups: ['apm.k8s.elastic.co'], kind: 'ApmServer', paths: ['spec.podTemplate'] },
  { ...elastic, groups: ['logstash.k8s.elastic.co'], kind: 'Logstash', paths: ['spec.podTemplate'] },
  {
    ...elastic,
    groups: ['beat.k8s.elastic.co'],
    kind: 'Beat',
    paths: ['spec.deployment.podTemplate', 'spec.daemonSet.podTemplate'],
  },
  {
    ...elastic,
    groups: ['agent.k8s.elastic.co'],
    kind: 'Agent',
    paths: ['spec.deployment.podTemplate', 'spec.daemonSet.podTemplate', 'spec.statefulSet.podTemplate'],
  },
  {
    ...strimzi,
    kind: 'Kafka',
    paths: [
      'spec.kafka.template.pod',
      'spec.zookeeper.template.pod',
      'spec.entityOperator.template.pod',
      'spec.kafkaExporter.template.pod',
    ],
  },
  { ...strimzi, kind: 'KafkaNodePool', paths: ['spec.template.pod'] },
  { ...strimzi, kind: 'KafkaConnect', paths: ['spec.template.pod'] },
  { ...strimzi, kind: 'KafkaBridge', paths: ['spec.template.pod'] },
  { ...strimzi, kind: 'KafkaMirrorMaker2', paths: ['spec.template.pod'] },
  {
    groups: ['cert-manager.io'],
    kind: 'Issuer',
    paths: ['spec.acme.solvers.*.http01.ingress.podTemplate'],
    life: 'stays',
    partial: true,
    operatorStarts: true,
    source: 'cert-manager 1.21.2, pkg/apis/acme/v1/types_issuer.go',
  },
  {
    groups: ['cert-manager.io'],
    kind: 'ClusterIssuer',
    paths: ['spec.acme.solvers.*.http01.ingress.podTemplate'],
    life: 'stays',
    partial: true,
    operatorStarts: true,
    source: 'cert-manager 1.21.2, pkg/apis/acme/v1/types_issuer.go',
  },
];
