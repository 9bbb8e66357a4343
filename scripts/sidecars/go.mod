module sidecars

go 1.24

require (
	github.com/GoogleCloudPlatform/cloud-sql-proxy/v2 v2.27.0
	github.com/dapr/dapr v1.16.0
)
