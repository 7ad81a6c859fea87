/// Builds the container images, with `./mvnw -Pimages package`: what a release ships, laid out as
/// layers by Jib, without a Docker daemon.
///
/// Nobody calls it but the build. It knows the layout that the launcher expects, and nothing of
/// what the programs do. The same inputs give the same digests: every file has the release's time
/// and root as its owner, and nothing of the machine's state is in an image.
@NullMarked
package dev.tollbridge.images;

import org.jspecify.annotations.NullMarked;
