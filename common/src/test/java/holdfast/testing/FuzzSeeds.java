package holdfast.testing;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Plays a fuzz target's seeds: the files in {@code src/test/resources/PACKAGE/CLASSInputs/METHOD}, where {@code scripts/fuzz} starts from, too. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(FuzzSeeds.SeedFiles.class)
public @interface FuzzSeeds {
    /** Reads them. */
    final class SeedFiles implements ArgumentsProvider {
        /** For JUnit. */
        public SeedFiles() {}

        @Override
        public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
                throws IOException, URISyntaxException {
            Class<?> target = context.getRequiredTestClass();
            String folder = target.getSimpleName() + "Inputs/"
                    + context.getRequiredTestMethod().getName();
            URL found = target.getResource(folder);
            if (found == null) {
                throw new IOException("there are no seeds in " + folder);
            }
            List<Arguments> seeds = new ArrayList<>();
            try (Stream<Path> files = Files.list(Path.of(found.toURI()))) {
                for (Path each : files.sorted().toList()) {
                    seeds.add(Arguments.of(Named.of(String.valueOf(each.getFileName()), Files.readAllBytes(each))));
                }
            }
            return seeds.stream();
        }
    }
}
