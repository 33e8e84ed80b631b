package io.jenkins.plugins.remoteaccess.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Reads on in recordings, whether their endpoint's process lives or not.
 *
 * @param directory where they are
 * @param known by name, how much of each the controller has
 * @param most how many bytes to read in all
 */
record ReadRecordings(String directory, HashMap<String, Long> known, int most)
        implements ControllerToAgentCallable<ArrayList<RecordingPiece>, IOException> {
    private static final String SUFFIX = ".cast";

    @Override
    public ArrayList<RecordingPiece> call() throws IOException {
        ArrayList<RecordingPiece> pieces = new ArrayList<>();
        int left = most;
        for (Map.Entry<String, Long> each : known.entrySet()) {
            RecordingPiece piece = read(each.getKey(), each.getValue(), left);
            left -= piece.bytes().length;
            pieces.add(piece);
        }
        return pieces;
    }

    private RecordingPiece read(String name, long from, int room) throws IOException {
        Path file = Path.of(directory, name + SUFFIX);
        // A pipe would never be read to its end, and a link may lead anywhere
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new RecordingPiece(name, new byte[0], -1);
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(room, size - from)));
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            return new RecordingPiece(name, bytes, size);
        }
    }
}
