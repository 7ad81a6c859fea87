{{/* Pod Security `restricted`. */}}
{{- define "tollbridge.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "tollbridge.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Apart by node where that is possible, and evenly over zones. Takes (list . "bridge"). */}}
{{- define "tollbridge.apart" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "tollbridge.selector" . | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "tollbridge.selector" . | nindent 8 }}
{{- end -}}

{{/* Where pods go, and as what. Takes a component's values. */}}
{{- define "tollbridge.placement" -}}
terminationGracePeriodSeconds: {{ .terminationGracePeriodSeconds }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Takes a component's values. */}}
{{- define "tollbridge.environment" -}}
- {name: TOLLBRIDGE_LOG, value: {{ .logLevel | quote }}}
- {name: TOLLBRIDGE_JAVA_OPTS, value: {{ .javaOptions | quote }}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- end -}}

{{/* Endpoints hear of a pod's end later than the pod does: it goes on answering meanwhile. Takes a component's values. */}}
{{- define "tollbridge.drain" -}}
preStop:
  sleep:
    seconds: {{ .drainDelaySeconds }}
{{- end -}}

{{/* Takes (dict "scheme" "HTTP"). */}}
{{- define "tollbridge.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: management, scheme: {{ .scheme }}}
  periodSeconds: 1
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /healthz, port: management, scheme: {{ .scheme }}}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: management, scheme: {{ .scheme }}}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}
