package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * How much room a file system has, for {@code df} in sftp and sshfs: OpenSSH's statvfs extension (its PROTOCOL, section 4.4).
 *
 * @param block bytes in a block
 * @param total blocks
 * @param free blocks, with those kept for the administrator
 * @param available blocks, without those
 */
record FreeSpace(long block, long total, long free, long available) {
    static final String EXTENSION = "statvfs@openssh.com";
    static final String VERSION = "2";

    private static final int LONGEST_NAME = 255;

    /** Of the file system that {@code file} is on. */
    static FreeSpace of(Path file) throws IOException {
        FileStore store = Files.getFileStore(file);
        long block = store.getBlockSize();
        return new FreeSpace(
                block,
                store.getTotalSpace() / block,
                store.getUnallocatedSpace() / block,
                store.getUsableSpace() / block);
    }

    /** Writes the eleven numbers of statvfs(3); Java knows nothing of inodes, so there are 0 of them, as on file systems without. */
    void write(Buffer reply) {
        long[] numbers = {block, block, total, free, available, 0, 0, 0, 0, 0, LONGEST_NAME};
        for (long number : numbers) {
            reply.putLong(number);
        }
    }
}
