package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.bench.scan.MixedTree;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a MiB costs the detectors, and how much of it is the one pass: milliseconds for each MiB.
/// 150 MB/s are 7 ms.
///
/// In this package, because nobody else is to see the pass by itself.
@SuppressWarnings("NullAway.Init") // JMH and the set-up fill the fields
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class DetectorParts {

    /// A share of each, as {@link MixedTree} makes them.
    @Param({"mixed", "prose", "code", "log", "manifests", "minified", "binary"})
    public String kind;

    private Compiled compiled;
    private StandardDetectors detectors;
    private List<Content> contents;

    @Setup
    public void prepare() {
        compiled = new Compiled(Catalogue.shipped());
        detectors = StandardDetectors.shipped(Fingerprints.keyed(new byte[32]));
        contents = new ArrayList<>();
        int left = 1 << 20;
        for (MixedTree.Made made : MixedTree.made(kind, 2 << 20)) {
            byte[] bytes =
                    made.bytes().length <= left
                            ? made.bytes()
                            : java.util.Arrays.copyOf(made.bytes(), left);
            contents.add(Content.file(made.name(), bytes));
            left -= bytes.length;
            if (left == 0) {
                break;
            }
        }
    }

    /// The search for all words at once, and nothing with what it finds.
    @Benchmark
    public int words() {
        int[] found = new int[1];
        for (Content content : contents) {
            compiled.finder.find(content.bytes(), (_, _) -> found[0]++);
        }
        return found[0];
    }

    /// And which detectors are candidates then.
    @Benchmark
    public int firstPass() {
        int candidates = 0;
        for (Content content : contents) {
            candidates += new Hits(compiled, content.bytes(), content.name()).document() ? 1 : 0;
        }
        return candidates;
    }

    /// All of it.
    @Benchmark
    public int judge() {
        int findings = 0;
        for (Content content : contents) {
            findings += detectors.judge(content).findings().size();
        }
        return findings;
    }
}
