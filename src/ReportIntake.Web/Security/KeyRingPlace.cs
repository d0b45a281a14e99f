using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Security;

/// <summary>Where the elements of the key ring lie, each under the framework's name for it: <c>key-</c> or <c>revocation-</c> and an id.</summary>
public interface IKeyRingPlace
{
    /// <exception cref="CryptographicException">One of them is damaged.</exception>
    IReadOnlyList<(string Name, XElement Element)> Read();

    /// <returns>False where there is one of that name: it stays.</returns>
    bool Add(string name, XElement element);

    void Replace(string name, XElement element);
}

/// <summary>One file each in a folder that is this account's alone, as the framework itself keeps them.</summary>
public sealed class KeyRingFiles(string folder) : IKeyRingPlace
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public IReadOnlyList<(string Name, XElement Element)> Read()
    {
        MakeFolder();
        return [.. Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), Parse(f)))];
    }

    public bool Add(string name, XElement element)
    {
        if (File.Exists(PathOf(name)))
        {
            return false;
        }

        Replace(name, element);
        return true;
    }

    public void Replace(string name, XElement element)
    {
        MakeFolder();
        var path = PathOf(name);
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(element.ToString()));
        File.SetUnixFileMode(path, OwnerOnly);
        DurableFile.FlushDirectoryOf(path);
    }

    private void MakeFolder() => Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

    private string PathOf(string name) => Path.Combine(folder, name + ".xml");

    private static XElement Parse(string path)
    {
        try
        {
            return XElement.Load(path);
        }
        catch (XmlException damaged)
        {
            throw new CryptographicException($"The key {path} is damaged: {damaged.Message}", damaged);
        }
    }
}

/// <summary>
/// The ring as the framework asks for it. The framework passes by what it cannot open, and makes a new key instead; here that
/// is a refusal, because old keys open what people wrote, and a certificate that is missing is to be put back.
/// </summary>
/// <exception cref="CryptographicException">A key is encrypted to none of the certificates.</exception>
internal sealed class OpenableKeys(IKeyRingPlace place, KeyRingCertificates certificates) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var all = place.Read();
        return all.Count(k => !certificates.Open(k.Element)) is var closed and > 0
            ? throw new CryptographicException($"{closed} of the {all.Count} keys in the key ring are encrypted to another certificate than KeyRing:Certificate. If that was exchanged, name the earlier one in KeyRing:PreviousCertificates.")
            : [.. all.Select(k => k.Element)];
    }

    public void StoreElement(XElement element, string friendlyName) => place.Add(friendlyName, element);
}
