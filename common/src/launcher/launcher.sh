#!/bin/sh
# Starts @program@: looks for a Java of 17 or newer in JAVA_HOME, then in PATH, and becomes it, so that signals reach the program.
# HOLDFAST_JAVA_OPTS holds further flags for the JVM; they come last and so win.
set -eu

fail() {
    echo "@program@: $1" >&2
    exit 78
}

# The file behind any chain of symbolic links.
resolve() {
    file=$1
    while [ -h "$file" ]; do
        link=$(readlink "$file")
        case $link in
            /*) file=$link ;;
            *) file=$(dirname -- "$file")/$link ;;
        esac
    done
    echo "$file"
}

# A command that starts another program writes the script for it, and this shell becomes that program.
become=exec
[ "${1:-}" != exec ] || become=carry_out

self=$(resolve "$0")
folder=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
jar=$folder/@program@.jar
[ -r "$jar" ] || fail "$jar is missing: it belongs beside the launcher"

if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but $java cannot be run: point JAVA_HOME to a Java of 17 or newer, or unset it"
else
    java=$(command -v java) || fail "no java in PATH: install Java 17 or newer, or point JAVA_HOME to one"
fi

# The version is read from the file that every JDK carries, because asking java itself costs a start of the JVM.
version=
release=$(dirname -- "$(dirname -- "$(resolve "$java")")")/release
if [ -r "$release" ]; then
    while IFS='=' read -r key value; do
        [ "$key" != JAVA_VERSION ] || version=$value
    done <"$release"
fi
[ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/^.* version \("[^"]*"\).*$/\1/p')
version=${version#\"}
major=${version%%[!0-9]*}
[ "${major:-0}" -ge 17 ] || fail "$java is Java ${version%\"}, but 17 or newer is needed: point JAVA_HOME to one"

# shellcheck disable=SC2086 # HOLDFAST_JAVA_OPTS is a list of words
set -- ${HOLDFAST_JAVA_OPTS:-} -jar "$jar" "$@"
# The archive fits only the jar and the JVM that it was made with. Any other goes on without, and must not speak of it: hence -Xlog.
archive=$folder/@program@.jsa
if [ -r "$archive" ]; then
    set -- "-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:disable "-Xlog:all=warning,cds*=off:stderr" "$@"
fi

carry_out() {
    script=$("$@")
    case $script in
        '#!exec'*) eval "$script" ;;
        *) printf '%s\n' "$script" ;;
    esac
    exit
}

# Keys are in the heap: no attaching, no dumps. The pooled allocator keeps the 512 KiB buffers of the TLS side. Only the quick compiler, soon for the code that
# connections pass through, and a heap that starts small: docs/decisions/0016-quick-compiler-small-heap.md.
"$become" "$java" \
    "-Dholdfast.launcher=$folder/@program@" \
    -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 \
    -XX:CompileCommand=quiet \
    "-XX:CompileCommand=CompileThresholdScaling,holdfast.*::*,0.05" \
    "-XX:CompileCommand=CompileThresholdScaling,io.netty.*::*,0.05" \
    "-XX:CompileCommand=CompileThresholdScaling,java.net.*::*,0.05" \
    "-XX:CompileCommand=CompileThresholdScaling,java.nio.*::*,0.05" \
    "-XX:CompileCommand=CompileThresholdScaling,java.util.*::*,0.05" \
    -Xms12m \
    -XX:NewSize=4m \
    -XX:MaxNewSize=32m \
    -XX:NewRatio=4 \
    -XX:-UsePerfData \
    -XX:+DisableAttachMechanism \
    -XX:-HeapDumpOnOutOfMemoryError \
    -XX:-CreateCoredumpOnCrash \
    -XX:+ExitOnOutOfMemoryError \
    -Dio.netty.allocator.type=pooled \
    -Dio.netty.tryReflectionSetAccessible=true \
    -Dio.netty.leakDetection.level=disabled \
    -Dio.netty.jfr.enabled=false \
    -Dio.netty.machineId=00:00:5e:00:53:00:00:01 \
    -Dio.netty.allocator.maxCachedBufferCapacity=524288 \
    "$@"
