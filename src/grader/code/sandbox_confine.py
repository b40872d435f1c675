"""Takes from this process whatever grading code has no need of: files, network, other processes, endless memory. Runs before any untrusted code.

Linux only: Landlock decides which files may be read, a seccomp filter which system calls there are. What cannot be enforced is refused.
"""

import ctypes
import os
import platform
import struct
import sys
import sysconfig


class Unavailable(Exception):
    """The system cannot enforce the sandbox."""


# Calls that computing needs. Everything else is denied: sockets, processes, signals, files that are written, metadata that is changed.
ALLOWED = {
    "x86_64": (
        0xC000003E,
        [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 22, 23, 24, 25, 28, 32, 33, 35, 39, 60, 63, 79, 89, 96, 97, 98, 99, 100]
        + [102, 104, 107, 108, 110, 111, 115, 121, 124, 127, 128, 131, 158, 186, 201, 202, 204, 217, 218, 219, 221, 228, 229, 230, 231, 232, 233]
        + [262, 267, 269, 270, 271, 273, 281, 290, 291, 292, 293, 309, 318, 324, 332, 334, 439],
        {"openat": 257, "open": 2, "clone": 56, "clone3": 435, "fcntl": 72, "ioctl": 16, "prlimit64": 302},
    ),
    "aarch64": (
        0xC00000B7,
        [17, 19, 20, 21, 22, 23, 24, 48, 57, 59, 61, 62, 63, 64, 65, 66, 67, 72, 73, 78, 79, 80, 93, 94, 96, 98, 99, 101, 113, 114, 115, 123, 124, 128]
        + [132, 134, 135, 136, 137, 139, 153, 155, 156, 158, 160, 163, 165, 168, 169, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 223]
        + [226, 233, 278, 283, 291, 293, 439],
        {"openat": 56, "clone": 220, "clone3": 435, "fcntl": 25, "ioctl": 29, "prlimit64": 261},
    ),
}
ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_TMPFILE
WRITING = 0x3 | 0x40 | 0x200 | 0x400 | 0x400000
THREAD = 0x10000
FCNTL = [0, 1, 2, 3, 4, 1030]
IOCTL = [0x5401, 0x541B, 0x5450, 0x5451]


def filter_program():
    """The seccomp filter of this kind of machine, as instructions (code, jump if true, jump if false, operand)."""
    if platform.machine() not in ALLOWED or sys.byteorder != "little" or ctypes.sizeof(ctypes.c_void_p) != 8:
        raise Unavailable("there is no filter of system calls for " + platform.machine())
    arch, allowed, special = ALLOWED[platform.machine()]
    program = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, arch), (RETURN, 0, 0, EPERM), (LOAD, 0, 0, 0), (AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, EPERM)]
    for number in allowed:
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]

    def on(name, body):
        if name in special:
            program.append((EQUAL, 0, len(body), special[name]))
            program.extend(body)

    def argument(index):
        return (LOAD, 0, 0, 16 + 8 * index)

    def one_of(index, values):
        tests = [step for value in values for step in [(EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]]
        return [argument(index), *tests, (RETURN, 0, 0, EPERM)]

    on("open", [argument(1), (ANY_BIT, 1, 0, WRITING), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)])
    on("openat", [argument(2), (ANY_BIT, 1, 0, WRITING), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)])
    on("clone", [argument(0), (ANY_BIT, 0, 1, THREAD), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)])
    on("clone3", [(RETURN, 0, 0, ENOSYS)])
    on("fcntl", one_of(1, FCNTL))
    on("ioctl", one_of(1, IOCTL))
    on("prlimit64", one_of(0, [0]))
    program.append((RETURN, 0, 0, EPERM))
    return program


def readable(packages):
    """Folders and files that Python itself reads: its library, shared libraries, time zones, and the installed packages where asked for."""
    paths = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64")}
    paths |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache"}
    return [path for path in [*paths, *packages] if path and os.path.exists(path)]


def installed_packages():
    """The site-packages folders of this interpreter, a virtual environment's included; none of their .pth files is run."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
    version = "python%d.%d" % sys.version_info[:2]
    own = os.path.join(root, "lib", version, "site-packages") if os.path.exists(os.path.join(root, "pyvenv.cfg")) else None
    return [path for path in [own, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")] if path and os.path.isdir(path)]


def restrict_files(libc, paths):
    """From here on nothing but `paths` can be read, and nothing written."""
    version = libc.syscall(444, None, ctypes.c_size_t(0), 1)
    if version < 1:
        raise Unavailable("the kernel has no Landlock")
    rights = (1 << 13) - 1
    for since, bits in [(2, 1 << 13), (3, 1 << 14), (5, 1 << 15)]:
        rights |= bits if version >= since else 0
    members = [rights] + ([3] if version >= 4 else []) + ([3] if version >= 6 else [])
    attributes = struct.pack("<%dQ" % len(members), *members)
    ruleset = libc.syscall(444, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        raise Unavailable("Landlock refused a ruleset")
    for path in paths:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("<Qi", 0b1100 if os.path.isdir(path) else 0b0100, folder)
        if libc.syscall(445, ruleset, 1, rule, 0) != 0:
            raise Unavailable("Landlock refused a rule")
        os.close(folder)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.syscall(446, ruleset, 0) != 0:
        raise Unavailable("Landlock could not be applied")
    os.close(ruleset)


def restrict_calls(libc, program):
    """From here on only the system calls of the filter exist."""
    code = b"".join(struct.pack("<HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("<HxxxxxxQ", len(program), ctypes.addressof(buffer))
    if libc.prctl(22, 2, header, 0, 0) != 0:
        raise Unavailable("the kernel refused a filter of system calls")


def restrict_resources(limits):
    """Memory, processor time, files."""
    import resource

    memory = limits["memoryMb"] * 1024 * 1024
    for name, value in [("AS", memory), ("CPU", limits["cpuSeconds"]), ("FSIZE", 0), ("NOFILE", 64), ("CORE", 0)]:
        number = getattr(resource, "RLIMIT_" + name, None)
        try:
            if number is not None:
                resource.setrlimit(number, (value, value))
        except (ValueError, OSError):
            if limits["confined"]:
                raise Unavailable("the limit RLIMIT_%s could not be set" % name) from None


def confine(limits):
    """Everything above, in the order in which it must be done. @raises Unavailable"""
    packages = installed_packages() if limits["packages"] else []
    sys.path.extend(path for path in packages if path not in sys.path)
    if not limits["confined"]:
        try:
            restrict_resources(limits)
        except ImportError:
            pass
        return
    if sys.platform != "linux":
        raise Unavailable("Python code is confined on Linux only")
    program = filter_program()
    libc = ctypes.CDLL(None, use_errno=True)
    # Ends with the process that started it.
    libc.prctl(1, 9, 0, 0, 0)
    os.chdir("/")
    restrict_resources(limits)
    restrict_files(libc, readable(packages))
    restrict_calls(libc, program)
