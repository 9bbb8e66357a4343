/** Made by `npm run record:istio`: the oldest and the newest release that the checker knows. */
export const [oldestIstio, newestIstio] = ['1.15', '1.32'] as const;
