using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Secrets;

/// <summary>Encrypts Data Protection's keys under the master key.</summary>
internal sealed class DataProtectionEncryptor(MasterKey masterKey) : IXmlEncryptor
{
    internal const string Purpose = "governance.data-protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        return new EncryptedXmlInfo(
            new XElement("wrapped", Convert.ToBase64String(masterKey.Wrap(Purpose, plaintext))), typeof(DataProtectionDecryptor));
    }
}

/// <summary>Data Protection makes it by name, hence the service provider.</summary>
internal sealed class DataProtectionDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var masterKey = services.GetRequiredService<MasterKey>();
        var plaintext = masterKey.Unwrap(DataProtectionEncryptor.Purpose, Convert.FromBase64String(encryptedElement.Value));
        return XElement.Parse(Encoding.UTF8.GetString(plaintext));
    }
}
