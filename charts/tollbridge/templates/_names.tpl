{{- define "tollbridge.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "tollbridge.bridge" -}}{{ include "tollbridge.fullname" . }}-bridge{{- end -}}
{{- define "tollbridge.webhook" -}}{{ include "tollbridge.fullname" . }}-webhook{{- end -}}
{{- define "tollbridge.cleanup" -}}{{ include "tollbridge.fullname" . }}-cleanup{{- end -}}

{{- define "tollbridge.bridgeAccount" -}}
{{- .Values.bridge.serviceAccount.name | default (ternary (include "tollbridge.bridge" .) "default" .Values.bridge.serviceAccount.create) -}}
{{- end -}}
{{- define "tollbridge.webhookAccount" -}}
{{- .Values.webhook.serviceAccount.name | default (ternary (include "tollbridge.webhook" .) "default" .Values.webhook.serviceAccount.create) -}}
{{- end -}}

{{/* Whether the bridge has a disk of its own, "true" or nothing: a disk takes one bridge at a time. */}}
{{- define "tollbridge.bridgeDisk" -}}
{{- if and .Values.bridge.persistence.enabled (lt (int .Values.bridge.replicas) 2) -}}true{{- end -}}
{{- end -}}

{{/* What pods are found by: never changes in a release's life. Takes (list . "bridge"). */}}
{{- define "tollbridge.selector" -}}
{{- $top := index . 0 -}}
app.kubernetes.io/name: tollbridge
app.kubernetes.io/instance: {{ $top.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Takes (list . "bridge"). */}}
{{- define "tollbridge.labels" -}}
{{- $top := index . 0 -}}
{{ include "tollbridge.selector" . }}
app.kubernetes.io/version: {{ $top.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: tollbridge
app.kubernetes.io/managed-by: {{ $top.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $top.Chart.Name $top.Chart.Version | replace "+" "_" }}
{{- with $top.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* By digest where there is one: a tag can be moved. Takes (list . image). */}}
{{- define "tollbridge.image" -}}
{{- $top := index . 0 -}}{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default $top.Chart.AppVersion }}
{{- end -}}
{{- end -}}
